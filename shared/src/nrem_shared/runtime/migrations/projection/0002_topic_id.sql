-- Which topic a place was read in: one that is deleted and made again has the same name and another id, and offsets of
-- the one mean nothing in the other. Null = read before this column was there.
alter table projection.applied add column topic_id text;
-- A dead letter of a topic that is no more keeps its bytes; its offset becomes negative, so that it names no record of
-- the topic that came after.
