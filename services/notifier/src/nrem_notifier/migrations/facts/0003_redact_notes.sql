-- Only for a redaction: notes never change otherwise.
grant update (text) on facts.note to :app;
