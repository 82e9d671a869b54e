/* On every page: whoever sent something that is refused starts at what is wrong with it. */
document.querySelector(".error-summary")?.focus();
