"""The command ``kpi``: the platform from a terminal or a script, through its gRPC contracts only."""
