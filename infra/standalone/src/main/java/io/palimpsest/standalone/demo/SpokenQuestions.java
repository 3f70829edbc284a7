package io.palimpsest.standalone.demo;

import java.util.List;

/**
 * Questions as people say them to an assistant instead of typing them into a search box: the same question, in the middle of
 * a lot of talk. An embedding of the whole is mostly one of the talk.
 *
 * <p>Threading: immutable. The same question is always said in the same way.
 */
public final class SpokenQuestions {
    private static final List<String> BEFORE = List.of(
            "Hi there, good morning! I hope you can help me out, I am sitting in a meeting with my colleagues from the other"
                    + " department and we are having a bit of an argument over lunch. One of them keeps telling everybody that ",
            "Hello assistant, sorry to bother you again with one of my questions, but my boss wants an answer before the end of"
                    + " the day and I really have no idea where to look it up. What I need to know is whether it is true that ",
            "Okay so listen, I was reading something on the train this morning and I cannot find the page any more, which is"
                    + " really annoying. I think what it said was more or less that ",
            "Hey, could you please have a quick look for me through everything that we have got, the reports, the letters,"
                    + " whatever there is, and tell me what it says about this: ",
            "Good evening, I am preparing the slides for tomorrow's presentation, it is getting late, and I want to be sure"
                    + " that I do not tell people nonsense. On the third slide I have written that ",
            "Hi, it is me again. Thank you so much for your help yesterday, that was great! Now my friend has asked me another"
                    + " thing, and I promised to find out for her. She has heard that ");
    private static final List<String> AFTER = List.of(
            ". Is there anything in our documents that says so, or is that just talk? Thanks a lot in advance, you are a star!",
            ". Can you find me the document where that is written, please, so that I can send it on to the others?",
            ", or something like that anyway. Would you be so kind as to check that for me? No hurry, whenever you have a minute.",
            ". What do you think, is that right? If you find something, just show me the best page, I will read the rest myself.",
            ". Please tell me honestly if there is nothing, then I will ask somebody else. Cheers, and have a nice day!");

    private SpokenQuestions() {}

    public static String of(String question) {
        int choice = Math.floorMod(question.hashCode(), BEFORE.size() * AFTER.size());
        String end = question.strip();
        String middle = end.endsWith(".") || end.endsWith("?") ? end.substring(0, end.length() - 1) : end;
        return BEFORE.get(choice % BEFORE.size()) + middle + AFTER.get(choice / BEFORE.size());
    }
}
