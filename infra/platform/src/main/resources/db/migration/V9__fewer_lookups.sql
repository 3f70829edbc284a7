-- Asked before each extraction: is there a later delete? Mostly there are none, and this index is empty.
CREATE INDEX document_change_deletes ON document_change (document_key, version) WHERE effect = 'DELETE';

-- Its last reader asks for changes in flight only, which document_change_in_flight has.
DROP INDEX document_change_by_state;
