"""The fault suite: real months under killed, stopped and cut-off processes, judged against an oracle."""

import os

# The suite starts processes while its clients' threads call: gRPC's fork handlers would crash the children.
os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "0")
