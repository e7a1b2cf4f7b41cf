"""Tasks that decisions give: open until they are done or a decision drops them."""
