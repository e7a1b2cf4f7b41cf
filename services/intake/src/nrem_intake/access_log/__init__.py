"""Who read and exported what that was not their own institution's."""
