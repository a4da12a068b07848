"""What the tests share: real servers, free ports, waiting."""
