-- Work that is tried again belongs to the trace of its change: the W3C traceparent of the record that failed.
ALTER TABLE extraction_retry ADD COLUMN traceparent TEXT;
ALTER TABLE quarantine_entry ADD COLUMN traceparent TEXT;
