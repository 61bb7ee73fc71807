"""What each operation is given, so that its call means something."""
