"""The fault suite: real months under killed, stopped and cut-off processes, judged against an oracle."""
