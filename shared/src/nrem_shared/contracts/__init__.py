"""What the services tell each other: events, their topics and the content of a submission.

Contracts import nothing else of ours. They only grow: a field is added with a default, a breaking change is a new
version of the event type with an upcaster.
"""
