"""What every API door shares: who is acting, paging and problem details."""
