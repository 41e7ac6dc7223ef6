"""Pictures: checked, encoded anew, kept on disk or in an object store."""
