"""Pages of a customer: licences, orders, support centre, account."""
