"""What the law says of calling people, as numbers that no file can loosen, and the arithmetic that keeps them. PURE."""
