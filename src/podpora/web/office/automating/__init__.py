"""How the desk works by itself: its pages, the rows of their editors, and rules in words."""
