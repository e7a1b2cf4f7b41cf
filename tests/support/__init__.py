"""What tests of several layers share: real servers, a database and topics per test, tokens, waiting to a deadline."""
