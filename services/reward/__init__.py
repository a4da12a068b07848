"""Reward turns published grades into money, and accounts for every đồng of it.

It owns the funds, the policies for money, the allocations, the ledger, the exports to finance and the list of
commendations (HD V.1). A grade comes from ``approval``; reward never changes one.
"""
