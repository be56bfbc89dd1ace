"""Groups → issues with stable ids, labels, decisions and explanations."""
