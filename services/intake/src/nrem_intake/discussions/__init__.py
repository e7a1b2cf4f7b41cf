"""Questions and answers about items of a submission, between the coordinator and the member."""
