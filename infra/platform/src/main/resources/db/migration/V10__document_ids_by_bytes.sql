-- Documents are listed in the order of their ids' bytes, whatever language the server sorts in. SQLite does so by itself.
${document_ids_by_bytes};
