"""The rules of submissions, pure: what may be reported, why a submission is refused, how a stream moves on."""
