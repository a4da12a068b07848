"""Between what planning means and what others read: protobuf messages and sheets."""
