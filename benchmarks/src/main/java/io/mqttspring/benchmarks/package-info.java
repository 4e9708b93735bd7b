/**
 * Benchmarks, a class per question.
 */
@NullMarked
package io.mqttspring.benchmarks;

import org.jspecify.annotations.NullMarked;
