// The Huffman code of HPACK (RFC 7541, Appendix B). It is canonical: the lengths alone say which symbol has which code.

/** Length in bits → the symbols of that length, in their order; `a-b` is a range. 256 ends a text and never stands in one. */
const SYMBOLS: Readonly<Record<number, string>> = {
  5: '48-50 97 99 101 105 111 115 116',
  6: '32 37 45-47 51-57 61 65 95 98 100 102-104 108-110 112 114 117',
  7: '58 66-87 89 106 107 113 118-122',
  8: '38 42 44 59 88 90',
  10: '33 34 40 41 63',
  11: '39 43 124',
  12: '35 62',
  13: '0 36 64 91 93 126',
  14: '94 125',
  15: '60 96 123',
  19: '92 195 208',
  20: '128 130 131 162 184 194 224 226',
  21: '153 161 167 172 176 177 179 209 216 217 227 229 230',
  22: '129 132-134 136 146 154 156 160 163 164 169 170 173 178 181 185-187 189 190 196 198 228 232 233',
  23: '1 135 137-139 140 141 143 147 149-152 155 157 158 165 166 168 174 175 180 182 183 188 191 197 231 239',
  24: '9 142 144 145 148 159 171 206 215 225 236 237',
  25: '199 207 234 235',
  26: '192 193 200-202 205 210 213 218 219 238 240 242 243 255',
  27: '203 204 211 212 214 221-223 241 244-248 250-254',
  28: '2-8 11 12 14-21 23-31 127 220 249',
  30: '10 13 22 256',
};
const LONGEST = 30;
const END_OF_TEXT = 256;

/** Of each length: its first code, how many there are, and where its symbols stand in `symbols`. */
const first = new Int32Array(LONGEST + 1);
const count = new Int32Array(LONGEST + 1);
const place = new Int32Array(LONGEST + 1);
const symbols = new Uint16Array(257);

{
  let code = 0;
  let at = 0;
  for (let length = 1; length <= LONGEST; length++) {
    code <<= 1;
    first[length] = code;
    place[length] = at;
    for (const range of (SYMBOLS[length] ?? '').split(' ').filter(Boolean)) {
      const [from, to = from] = range.split('-').map(Number);
      for (let symbol = from; symbol <= to; symbol++) symbols[at++] = symbol;
    }
    count[length] = at - place[length];
    code += count[length];
  }
}

/**
 * Writes what `[at, end)` stands for to `into`, as far as there is room.
 * @returns its whole length in bytes; -1 when the bytes are no text of this code
 */
export function huffman(b: Uint8Array, at: number, end: number, into: Uint8Array): number {
  let written = 0;
  let code = 0;
  let length = 0;
  for (let i = at; i < end; i++) {
    for (let bit = 7; bit >= 0; bit--) {
      code = (code << 1) | ((b[i] >> bit) & 1);
      length++;
      const number = code - first[length];
      if (number < count[length] && number >= 0) {
        const symbol = symbols[place[length] + number];
        if (symbol === END_OF_TEXT) return -1;
        if (written < into.length) into[written] = symbol;
        written++;
        code = 0;
        length = 0;
      } else if (length === LONGEST) return -1;
    }
  }
  // What is left fills the last byte, with ones (§5.2).
  return length < 8 && code === (1 << length) - 1 ? written : -1;
}
