package io.palimpsest.standalone.demo;

/**
 * A question whose answer is in one of the demo's documents.
 *
 * @param document file name
 * @param phrase words of the document that an answer must hold
 */
public record DemoQuestion(String question, String document, String phrase) {}
