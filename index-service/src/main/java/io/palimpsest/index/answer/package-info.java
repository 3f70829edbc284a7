/**
 * Answers whose every sentence cites passages and is checked against them. Entry class: {@link io.palimpsest.index.answer.AnswerService}.
 */
@NullMarked
package io.palimpsest.index.answer;

import org.jspecify.annotations.NullMarked;
