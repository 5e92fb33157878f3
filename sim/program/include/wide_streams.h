/* Wide streams of C++ for programs that are compiled for the model. The C++ library's own are compiled for characters
 * of 32 bits; these have 16, and take what programs give to streams: text, numbers in every format, manipulators.
 * Numbers and booleans are put into words by a narrow stream of the library, which also keeps the format.
 *
 * They go by the library's names from here on (std::wcout, std::wostringstream, std::wstringstream), by macros: the
 * library's headers that have these names are included before. Standard output is UTF-8. Not modelled, and refused by
 * the compiler: files (std::wofstream and kin), and basic_ostream<wchar_t> by that name.
 *
 * Not for programs: reservoir_program.h includes it. */
#ifndef RESERVOIR_PROGRAM_WIDE_STREAMS_H
#define RESERVOIR_PROGRAM_WIDE_STREAMS_H

namespace std {

/* What both directions have: the state, and the format. */
class windows_wios {
  public:
    typedef wchar_t char_type;
    typedef ios_base::fmtflags fmtflags;
    windows_wios(const windows_wios &) = delete;
    windows_wios &operator=(const windows_wios &) = delete;
    virtual ~windows_wios() {}

    bool good() const { return state_ == ios_base::goodbit; }
    bool eof() const { return (state_ & ios_base::eofbit) != 0; }
    bool fail() const { return (state_ & (ios_base::failbit | ios_base::badbit)) != 0; }
    bool bad() const { return (state_ & ios_base::badbit) != 0; }
    explicit operator bool() const { return !fail(); }
    bool operator!() const { return fail(); }
    ios_base::iostate rdstate() const { return state_; }
    void clear(ios_base::iostate state = ios_base::goodbit) { state_ = state; }
    void setstate(ios_base::iostate state) { state_ |= state; }

    fmtflags flags() const { return format_.flags(); }
    fmtflags flags(fmtflags flags) { return format_.flags(flags); }
    fmtflags setf(fmtflags flags) { return format_.setf(flags); }
    fmtflags setf(fmtflags flags, fmtflags mask) { return format_.setf(flags, mask); }
    void unsetf(fmtflags flags) { format_.unsetf(flags); }
    streamsize precision() const { return format_.precision(); }
    streamsize precision(streamsize digits) { return format_.precision(digits); }
    streamsize width() const { return format_.width(); }
    streamsize width(streamsize width) { return format_.width(width); }
    wchar_t fill() const { return fill_; }
    wchar_t fill(wchar_t fill) {
        wchar_t before = fill_;
        fill_ = fill;
        return before;
    }
    locale getloc() const { return format_.getloc(); }
    locale imbue(const locale &) { return getloc(); } /* numbers are as in the classic locale */

  protected:
    windows_wios() : state_(ios_base::goodbit), fill_(L' ') {}
    ios_base::iostate state_;
    wchar_t fill_;
    ostringstream format_;
};

class windows_wostream : public virtual windows_wios {
  public:
    windows_wostream &operator<<(bool value) { return number(value); }
    windows_wostream &operator<<(short value) { return number(value); }
    windows_wostream &operator<<(unsigned short value) { return number(value); }
    windows_wostream &operator<<(int value) { return number(value); }
    windows_wostream &operator<<(unsigned value) { return number(value); }
    windows_wostream &operator<<(long value) { return number(value); }
    windows_wostream &operator<<(unsigned long value) { return number(value); }
    windows_wostream &operator<<(long long value) { return number(value); }
    windows_wostream &operator<<(unsigned long long value) { return number(value); }
    windows_wostream &operator<<(float value) { return number(value); }
    windows_wostream &operator<<(double value) { return number(value); }
    windows_wostream &operator<<(long double value) { return number(value); }
    windows_wostream &operator<<(const void *value) { return address(value); }
    windows_wostream &operator<<(windows_wostream &(*manipulator)(windows_wostream &)) { return manipulator(*this); }
    windows_wostream &operator<<(ios_base &(*manipulator)(ios_base &)) {
        manipulator(format_);
        return *this;
    }
    windows_wostream &put(wchar_t unit) { return write(&unit, 1); }
    windows_wostream &write(const wchar_t *text, streamsize length) {
        if (!fail()) store(text, static_cast<size_t>(length));
        return *this;
    }
    windows_wostream &flush() {
        written();
        return *this;
    }

    /* Text, padded to the width. */
    windows_wostream &padded(const wchar_t *text, size_t length, size_t after = 0) {
        size_t width = format_.width() > 0 ? static_cast<size_t>(format_.width()) : 0;
        size_t missing = width > length ? width - length : 0;
        ios_base::fmtflags adjust = format_.flags() & ios_base::adjustfield;
        size_t before = adjust == ios_base::left ? length : adjust == ios_base::internal ? after : 0;
        wstring filling(missing, fill_);
        format_.width(0);
        write(text, static_cast<streamsize>(before));
        write(filling.data(), static_cast<streamsize>(missing));
        return write(text + before, static_cast<streamsize>(length - before));
    }
    template <typename Manipulator> windows_wostream &formatted(Manipulator manipulator) {
        format_ << manipulator;
        return *this;
    }

  protected:
    virtual void store(const wchar_t *text, size_t length) = 0;
    virtual void written() {}

  private:
    template <typename Number> windows_wostream &number(Number value);
    windows_wostream &address(const void *value);
};

/* As the narrow stream writes it, without a width; then padded: after a sign or 0x, where that is asked for. */
template <typename Number> inline windows_wostream &windows_wostream::number(Number value) {
    streamsize width = format_.width(0);
    format_.str(string());
    format_ << value;
    const string narrow = format_.str();
    const wstring wide(narrow.begin(), narrow.end());
    size_t sign = !narrow.empty() && (narrow[0] == '-' || narrow[0] == '+') ? 1 : 0;
    if (narrow.size() > 2 && narrow[0] == '0' && (narrow[1] == 'x' || narrow[1] == 'X')) sign = 2;
    format_.width(width);
    return padded(wide.data(), wide.size(), sign);
}

/* As the C library of Windows writes a pointer. */
inline windows_wostream &windows_wostream::address(const void *value) {
    char text[17];
    snprintf(text, sizeof text, "%016llX", static_cast<unsigned long long>(reinterpret_cast<uintptr_t>(value)));
    const wstring wide(text, text + 16);
    return padded(wide.data(), wide.size());
}

inline windows_wostream &operator<<(windows_wostream &stream, wchar_t unit) { return stream.padded(&unit, 1); }
inline windows_wostream &operator<<(windows_wostream &stream, char unit) {
    wchar_t wide = static_cast<unsigned char>(unit);
    return stream.padded(&wide, 1);
}
inline windows_wostream &operator<<(windows_wostream &stream, const wchar_t *text) {
    return stream.padded(text, char_traits<wchar_t>::length(text));
}
inline windows_wostream &operator<<(windows_wostream &stream, const char *text) {
    const string narrow(text);
    const wstring wide(narrow.begin(), narrow.end());
    return stream.padded(wide.data(), wide.size());
}
inline windows_wostream &operator<<(windows_wostream &stream, const wstring &text) {
    return stream.padded(text.data(), text.size());
}
#if __cplusplus >= 201703L
inline windows_wostream &operator<<(windows_wostream &stream, wstring_view text) {
    return stream.padded(text.data(), text.size());
}
#endif
/* What is put into one that is no name: std::wostringstream() << 1. */
template <typename Stream, typename Value>
inline typename enable_if<is_base_of<windows_wostream, Stream>::value && !is_lvalue_reference<Stream>::value,
                          Stream &&>::type
operator<<(Stream &&stream, const Value &value) {
    static_cast<windows_wostream &>(stream) << value;
    return static_cast<Stream &&>(stream);
}
inline windows_wostream &operator<<(windows_wostream &stream, _Setw manipulator) {
    return stream.formatted(manipulator);
}
inline windows_wostream &operator<<(windows_wostream &stream, _Setprecision manipulator) {
    return stream.formatted(manipulator);
}
inline windows_wostream &operator<<(windows_wostream &stream, _Setbase manipulator) {
    return stream.formatted(manipulator);
}
inline windows_wostream &operator<<(windows_wostream &stream, _Setiosflags manipulator) {
    return stream.formatted(manipulator);
}
inline windows_wostream &operator<<(windows_wostream &stream, _Resetiosflags manipulator) {
    return stream.formatted(manipulator);
}
inline windows_wostream &operator<<(windows_wostream &stream, _Setfill<wchar_t> manipulator) {
    stream.fill(manipulator._M_c);
    return stream;
}
inline windows_wostream &flush(windows_wostream &stream) { return stream.flush(); }
inline windows_wostream &endl(windows_wostream &stream) { return stream.put(L'\n').flush(); }
inline windows_wostream &ends(windows_wostream &stream) { return stream.put(L'\0'); }

/* --- input -------------------------------------------------------------------------------------------------------- */

class windows_wistream : public virtual windows_wios {
  public:
    enum { NOTHING_LEFT = -1 };
    windows_wistream() : count_(0) {}

    windows_wistream &operator>>(short &value) { return number(value); }
    windows_wistream &operator>>(unsigned short &value) { return number(value); }
    windows_wistream &operator>>(int &value) { return number(value); }
    windows_wistream &operator>>(unsigned &value) { return number(value); }
    windows_wistream &operator>>(long &value) { return number(value); }
    windows_wistream &operator>>(unsigned long &value) { return number(value); }
    windows_wistream &operator>>(long long &value) { return number(value); }
    windows_wistream &operator>>(unsigned long long &value) { return number(value); }
    windows_wistream &operator>>(float &value) { return number(value, "0123456789+-.eE"); }
    windows_wistream &operator>>(double &value) { return number(value, "0123456789+-.eE"); }
    windows_wistream &operator>>(bool &value) { return number(value); }
    windows_wistream &operator>>(wchar_t &unit) {
        if (skip()) unit = static_cast<wchar_t>(take());
        return *this;
    }
    windows_wistream &operator>>(wstring &text) {
        text.clear();
        if (!skip()) return *this;
        while (look() != NOTHING_LEFT && !is_space(look())) text += static_cast<wchar_t>(take());
        if (look() == NOTHING_LEFT) setstate(ios_base::eofbit);
        return *this;
    }
    windows_wistream &operator>>(windows_wistream &(*manipulator)(windows_wistream &)) { return manipulator(*this); }
    windows_wistream &operator>>(ios_base &(*manipulator)(ios_base &)) {
        manipulator(format_);
        return *this;
    }

    char_traits<wchar_t>::int_type get() {
        int unit = take();
        count_ = unit != NOTHING_LEFT;
        if (unit == NOTHING_LEFT) setstate(ios_base::eofbit | ios_base::failbit);
        return unit == NOTHING_LEFT ? char_traits<wchar_t>::eof() : static_cast<char_traits<wchar_t>::int_type>(unit);
    }
    windows_wistream &get(wchar_t &unit) {
        char_traits<wchar_t>::int_type taken = get();
        if (!fail()) unit = static_cast<wchar_t>(taken);
        return *this;
    }
    char_traits<wchar_t>::int_type peek() {
        int unit = look();
        if (unit == NOTHING_LEFT) setstate(ios_base::eofbit);
        return unit == NOTHING_LEFT ? char_traits<wchar_t>::eof() : static_cast<char_traits<wchar_t>::int_type>(unit);
    }
    windows_wistream &ignore(streamsize most = 1, char_traits<wchar_t>::int_type end = char_traits<wchar_t>::eof());
    streamsize gcount() const { return count_; }

    windows_wistream &line(wstring &text, wchar_t end); /* without its end */
    bool skip();                                        /* what is no space is next; false: nothing is */

  protected:
    virtual int look() = 0; /* the next unit, or NOTHING_LEFT */
    virtual int take() = 0;

  private:
    static bool is_space(int unit);
    template <typename Number> windows_wistream &number(Number &value, const char *of = "0123456789+-abcdefABCDEFxX");

    streamsize count_;
};

inline bool windows_wistream::is_space(int unit) { return unit == ' ' || (unit >= '\t' && unit <= '\r'); }

inline windows_wistream &windows_wistream::ignore(streamsize most, char_traits<wchar_t>::int_type end) {
    for (streamsize i = 0; i < most || most == numeric_limits<streamsize>::max(); i++) {
        int unit = take();
        if (unit == NOTHING_LEFT) setstate(ios_base::eofbit);
        if (unit == NOTHING_LEFT || static_cast<char_traits<wchar_t>::int_type>(unit) == end) break;
    }
    return *this;
}

inline windows_wistream &windows_wistream::line(wstring &text, wchar_t end) {
    text.clear();
    if (fail()) return *this;
    if (look() == NOTHING_LEFT) setstate(ios_base::eofbit | ios_base::failbit);
    for (;;) {
        int unit = take();
        if (unit == NOTHING_LEFT) setstate(ios_base::eofbit);
        if (unit == NOTHING_LEFT || unit == end) return *this;
        text += static_cast<wchar_t>(unit);
    }
}

inline bool windows_wistream::skip() {
    if (!good()) setstate(ios_base::failbit);
    while (good() && is_space(look())) take();
    if (look() == NOTHING_LEFT) setstate(ios_base::eofbit | ios_base::failbit);
    return good();
}

/* What could be of a number goes to a narrow stream. */
template <typename Number> inline windows_wistream &windows_wistream::number(Number &value, const char *of) {
    string narrow;
    bool decimal = (format_.flags() & ios_base::basefield) == ios_base::dec;
    if (!skip()) return *this;
    if (decimal && of[12] == 'a') of = "0123456789+-";
    while (look() > 0 && look() < 128 && strchr(of, look()) != nullptr) {
        bool sign = look() == '+' || look() == '-';
        if (sign && !narrow.empty() && narrow.back() != 'e' && narrow.back() != 'E') break;
        narrow += static_cast<char>(take());
    }
    istringstream reader(narrow);
    reader.flags(format_.flags());
    reader >> value;
    if (reader.fail()) setstate(ios_base::failbit);
    if (look() == NOTHING_LEFT) setstate(ios_base::eofbit);
    return *this;
}

inline windows_wistream &getline(windows_wistream &stream, wstring &text, wchar_t end = L'\n') {
    return stream.line(text, end);
}
inline windows_wistream &ws(windows_wistream &stream) {
    bool had_failed = stream.fail();
    if (!stream.skip() && !had_failed) stream.clear(ios_base::eofbit);
    return stream;
}

/* --- text --------------------------------------------------------------------------------------------------------- */

class windows_wtext {
  protected:
    explicit windows_wtext(const wstring &text) : text_(text), read_(0) {}
    wstring text_;
    size_t read_;
};

class windows_wostringstream : private windows_wtext, public windows_wostream {
  public:
    windows_wostringstream() : windows_wtext(wstring()) {}
    explicit windows_wostringstream(const wstring &text, ios_base::openmode mode = ios_base::out)
        : windows_wtext(text), place_((mode & (ios_base::ate | ios_base::app)) != 0 ? text.size() : 0) {}
    wstring str() const { return text_; }
    void str(const wstring &text) {
        text_ = text;
        place_ = 0;
    }

  protected:
    void store(const wchar_t *text, size_t length) override {
        text_.replace(place_, length, text, length);
        place_ += length;
    }

  private:
    size_t place_ = 0;
};

class windows_wistringstream : private windows_wtext, public windows_wistream {
  public:
    windows_wistringstream() : windows_wtext(wstring()) {}
    explicit windows_wistringstream(const wstring &text, ios_base::openmode = ios_base::in) : windows_wtext(text) {}
    wstring str() const { return text_; }
    void str(const wstring &text) {
        text_ = text;
        read_ = 0;
    }

  protected:
    int look() override { return read_ < text_.size() ? text_[read_] : static_cast<int>(NOTHING_LEFT); }
    int take() override { return read_ < text_.size() ? text_[read_++] : static_cast<int>(NOTHING_LEFT); }
};

class windows_wiostream : public windows_wistream, public windows_wostream {};

class windows_wstringstream : private windows_wtext, public windows_wiostream {
  public:
    windows_wstringstream() : windows_wtext(wstring()) {}
    explicit windows_wstringstream(const wstring &text, ios_base::openmode mode = ios_base::in | ios_base::out)
        : windows_wtext(text), place_((mode & (ios_base::ate | ios_base::app)) != 0 ? text.size() : 0) {}
    wstring str() const { return text_; }
    void str(const wstring &text) {
        text_ = text;
        read_ = place_ = 0;
    }

  protected:
    void store(const wchar_t *text, size_t length) override {
        text_.replace(place_, length, text, length);
        place_ += length;
    }
    int look() override { return read_ < text_.size() ? text_[read_] : static_cast<int>(NOTHING_LEFT); }
    int take() override { return read_ < text_.size() ? text_[read_++] : static_cast<int>(NOTHING_LEFT); }

  private:
    size_t place_ = 0;
};

/* --- the console -------------------------------------------------------------------------------------------------- */

class windows_wconsole : public windows_wostream {
  public:
    explicit windows_wconsole(FILE *file, bool buffered) : file_(file), buffered_(buffered) {}

  protected:
    void store(const wchar_t *text, size_t length) override {
        const wstring whole(text, length);
        windows_fputws(whole.c_str(), file_);
        if (!buffered_) written();
    }
    void written() override { fflush(file_); }

  private:
    FILE *file_;
    bool buffered_;
};

class windows_wkeyboard : public windows_wistream {
  public:
    windows_wkeyboard() : next_(NOT_READ) {}

  protected:
    int look() override {
        if (next_ == NOT_READ) next_ = read();
        return next_;
    }
    int take() override {
        int unit = look();
        if (unit != NOTHING_LEFT) next_ = NOT_READ;
        return unit;
    }

  private:
    enum { NOT_READ = -2 };
    /* One character of UTF-8 that UTF-16 has as one unit. */
    static int read() {
        int first = fgetc(stdin);
        if (first == EOF) return NOTHING_LEFT;
        int more = first >= 0xE0   ? 2
                   : first >= 0xC0 ? 1
                                   : 0,
            unit = more == 2   ? first & 0x0F
                   : more == 1 ? first & 0x1F
                               : first;
        for (; more > 0; more--) unit = unit << 6 | (fgetc(stdin) & 0x3F);
        return unit;
    }
    int next_;
};

inline windows_wostream &windows_wide_output(FILE *file) {
    static windows_wconsole output(stdout, true), error(stderr, false);
    return file == stdout ? output : error;
}
inline windows_wistream &windows_wide_input() {
    static windows_wkeyboard input;
    return input;
}
__attribute__((unused)) static windows_wostream &windows_wcout = windows_wide_output(stdout);
__attribute__((unused)) static windows_wostream &windows_wcerr = windows_wide_output(stderr);
__attribute__((unused)) static windows_wostream &windows_wclog = windows_wide_output(stderr);
__attribute__((unused)) static windows_wistream &windows_wcin = windows_wide_input();

/* A number that is put into one of the library's would be lost, and nothing would say so. */
#define RESERVOIR_NO_WIDE_STREAM \
    __attribute__((__unavailable__("wide streams of files are not modelled: use a narrow one, or _wfopen")))
typedef basic_fstream<wchar_t> wfstream RESERVOIR_NO_WIDE_STREAM;
typedef basic_ifstream<wchar_t> wifstream RESERVOIR_NO_WIDE_STREAM;
typedef basic_ofstream<wchar_t> wofstream RESERVOIR_NO_WIDE_STREAM;
#undef RESERVOIR_NO_WIDE_STREAM

} // namespace std

#define wios windows_wios
#define wostream windows_wostream
#define wistream windows_wistream
#define wiostream windows_wiostream
#define wostringstream windows_wostringstream
#define wistringstream windows_wistringstream
#define wstringstream windows_wstringstream
#define wcout windows_wcout
#define wcerr windows_wcerr
#define wclog windows_wclog
#define wcin windows_wcin

#endif
