/** What ends the program, whatever it is at; the first counts. Heard from when this is loaded. */
export const stopAsked = new Promise<string>((resolve) => {
  process.on('SIGTERM', () => resolve('SIGTERM'));
  process.on('SIGINT', () => resolve('SIGINT'));
  // A parent that goes away without a word (SIGKILL) must not leave children behind.
  process.on('disconnect', () => resolve('disconnect'));
});
