"""Pages: what a front end shows at once, gathered from several services into one answer."""
