// The mark: a watchtower (櫓), roof over two floors on spread legs.
export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 32 32" aria-hidden="true">
      <path
        fill="currentColor"
        d="M16 2c2.6 3.8 7.2 6.3 13.5 7.2L28.3 12H3.7L2.5 9.2C8.8 8.3 13.4 5.8 16 2zM8 13.5h16v2.2H8zM6.5 17.2h19v2.2h-19zM9.3 19.4h2.5L9.3 30H6.6zM22.7 19.4h-2.5L22.7 30h2.7zM11 24.2h10v1.9H11z"
      />
    </svg>
  );
}
