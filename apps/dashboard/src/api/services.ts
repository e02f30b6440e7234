/** A process behind a gateway that answers for itself; undefined for the only one. */
export type Service = string | undefined;

/** The processes that the server names in the page that it serves. */
function servicesOf(): readonly Service[] {
  const content = document.querySelector('meta[name="attain-services"]')?.getAttribute('content') ?? '';
  // The server of the development build leaves the word as it is.
  return content === '' || content.startsWith('%') ? [undefined] : content.split(' ');
}

export const services = servicesOf();

/** What all processes answer, each row with its process. */
export async function ofEach<T>(
  ask: (service: Service) => Promise<readonly T[]>,
): Promise<(T & { service: Service })[]> {
  const answers = await Promise.all(
    services.map(async (service) => (await ask(service)).map((row) => ({ ...row, service }))),
  );
  return answers.flat();
}
