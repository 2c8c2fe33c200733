/** Where the firmware may read the kernel's command line, the most telling first: newer Ubuntu, Bookworm on, Bullseye. */
export const cmdlinePlaces = [
  '/boot/firmware/current/cmdline.txt',
  '/boot/firmware/cmdline.txt',
  '/boot/cmdline.txt',
] as const
