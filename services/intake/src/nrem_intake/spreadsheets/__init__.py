"""Reports as workbooks: a prefilled one to download, and one that was filled in to upload, look at and submit."""
