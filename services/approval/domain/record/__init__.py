"""The record of the month: what stands on each paper, before it is drawn (R-31; NĐ 335/2025 Điều 24)."""
