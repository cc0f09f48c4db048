package chase.daemon.api;

/** Every answer that is not 2xx. */
public record ErrorBody(String error, String detail) {}
