"""Where each operating system keeps the identifiers of a computer. Read without rights, without a window, in milliseconds."""
