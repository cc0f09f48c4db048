package chase.daemon.api;

/**
 * Every answer that is not 2xx.
 *
 * @param error the kind in one word, made for programs
 * @param detail one line that names the offending thing, made for people
 */
public record ErrorBody(String error, String detail) {}
