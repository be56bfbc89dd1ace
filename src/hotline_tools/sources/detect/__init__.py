"""What a file is: its content, encoding, delimiter, header row and kinds of columns."""
