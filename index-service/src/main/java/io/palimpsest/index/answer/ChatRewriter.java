package io.palimpsest.index.answer;

import java.util.function.UnaryOperator;

/** Has a chat model put a question in words to search for; for {@link io.palimpsest.index.rewrite.QueryRewriter}. */
public final class ChatRewriter implements UnaryOperator<String> {
    private static final int MAX_LENGTH = 300;
    private static final String INSTRUCTIONS = "Rewrite the user's question as one line of search keywords: the words"
            + " a document that answers it would use. Output only that line.";

    private final ChatClient chat;

    public ChatRewriter(ChatClient chat) {
        this.chat = chat;
    }

    @Override
    public String apply(String query) {
        StringBuilder reply = new StringBuilder();
        chat.chat(INSTRUCTIONS, query, reply::append);
        String line = reply.toString().strip().lines().findFirst().orElse("");
        return line.length() > MAX_LENGTH ? line.substring(0, MAX_LENGTH) : line;
    }
}
