"""What turns photos and PDFs into facts, and facts into slips and bundles."""
