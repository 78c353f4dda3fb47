"""Documents that look like documents: invoices as pages and as PDF, drawn from what was frozen when they were issued."""
