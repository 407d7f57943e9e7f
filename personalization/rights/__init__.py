"""The viewers' rights over their pictures: pages for the viewer whom a choice was made for."""
