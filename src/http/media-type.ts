/** `Text/HTML; charset="UTF-8"` → `text/html`; undefined when there is no content type at all. */
export function mediaType(contentType: string | undefined): string | undefined {
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase();
  return type === '' ? undefined : type;
}

/** The charset parameter in lower case, without quotes. */
export function charset(contentType: string | undefined): string | undefined {
  return /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType ?? '')?.[1]?.toLowerCase();
}

/** Whether a media type is in a list such as `image/*`, `application/octet-stream`, or everything. */
export function matchesMediaRange(type: string, ranges: readonly string[]): boolean {
  return ranges.some((range) => {
    const wanted = range.trim().toLowerCase();
    return wanted === '*/*' || wanted === type || (wanted.endsWith('/*') && type.startsWith(wanted.slice(0, -1)));
  });
}
