package io.mqttspring.sample;

/**
 * A van's answer to a {@link Command}.
 *
 * @param commandId which command
 * @param accepted whether the van does as it was told
 * @param text for people to read
 */
record Answer(String commandId, boolean accepted, String text) {
}
