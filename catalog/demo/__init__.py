"""The fictional demo catalogue: invented titles and people, and the pictures drawn of them."""
