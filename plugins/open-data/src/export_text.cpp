// CSV, TSV, JSON, NDJSON and XML.
#include "export_writer.hpp"

#include <concejo/escape.hpp>

#include <algorithm>

namespace open_data {
namespace {

constexpr std::size_t piece_size = 1 << 16;

std::string xml_name(std::string_view name) {
    std::string text;
    for (const char c : name) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
                            static_cast<unsigned char>(c) >= 0x80;
        const bool inner = (c >= '0' && c <= '9') || c == '-' || c == '.';
        text += letter || (inner && !text.empty()) ? c : '_';
    }
    return text.empty() ? "_" : text;
}

/// What is written is kept until there is a piece of it.
class TextWriter : public ExportWriter {
public:
    TextWriter(const ExportTable& table, Spool& spool) : fields_(table.fields), spool_(spool) {}
    void row(Cells cells) final {
        add(cells);
        if (out_.size() >= piece_size) spool_.write(out_);
    }
    void finish() final {
        end();
        spool_.write(out_);
        spool_.finish();
    }

protected:
    virtual void add(Cells) = 0;
    virtual void end() {}

    std::vector<Field> fields_;
    std::string out_;

private:
    Spool& spool_;
};

class DelimitedWriter : public TextWriter {
public:
    DelimitedWriter(const ExportTable& table, Spool& spool, char separator)
        : TextWriter(table, spool), separator_(separator) {
        for (std::size_t i = 0; i < fields_.size(); ++i) {
            if (i > 0) out_ += separator_;
            append_cell(out_, fields_[i].name, separator_);
        }
        out_ += "\r\n";
    }

protected:
    void add(Cells cells) override {
        for (std::size_t i = 0; i < fields_.size(); ++i) {
            if (i > 0) out_ += separator_;
            append_cell(out_, cells[i], fields_[i], separator_);
        }
        out_ += "\r\n";
    }

private:
    char separator_;
};

/// As spreadsheets open it with a double click where decimals have a comma, and nothing in it is a formula.
class SpreadsheetWriter : public TextWriter {
public:
    SpreadsheetWriter(const ExportTable& table, Spool& spool) : TextWriter(table, spool) {
        out_ = "\xEF\xBB\xBF";
        for (std::size_t i = 0; i < fields_.size(); ++i) {
            if (i > 0) out_ += ';';
            append_cell(out_, without_formula(fields_[i].name), {"", "text"}, ';');
        }
        out_ += "\r\n";
    }

protected:
    void add(Cells cells) override {
        for (std::size_t i = 0; i < fields_.size(); ++i) {
            if (i > 0) out_ += ';';
            if (!cells[i]) continue;
            const bool text = fields_[i].type == "text" || fields_[i].type == "json";
            auto value = text ? without_formula(*cells[i]) : std::string(*cells[i]);
            if (fields_[i].type == "numeric") std::replace(value.begin(), value.end(), '.', ',');
            append_cell(out_, value, fields_[i], ';');
        }
        out_ += "\r\n";
    }
};

class JsonWriter : public TextWriter {
public:
    JsonWriter(const ExportTable& table, Spool& spool) : TextWriter(table, spool) {
        out_ += "{\n  \"fields\": [";
        for (std::size_t i = 0; i < fields_.size(); ++i) {
            out_ += i > 0 ? ",{\"id\":" : "{\"id\":";
            append_json(out_, fields_[i].name);
            out_ += ",\"type\":", append_json(out_, fields_[i].type);
            out_ += '}';
        }
        out_ += "],\n  \"records\": [";
    }

protected:
    void add(Cells cells) override {
        out_ += first_ ? "\n    [" : ",\n    [";
        for (std::size_t i = 0; i < fields_.size(); ++i) {
            if (i > 0) out_ += ',';
            append_json(out_, cells[i], fields_[i]);
        }
        out_ += ']';
        first_ = false;
    }
    void end() override { out_ += "\n  ]\n}\n"; }

private:
    bool first_ = true;
};

class LinesWriter : public TextWriter {
public:
    using TextWriter::TextWriter;

protected:
    void add(Cells cells) override {
        out_ += '{';
        for (std::size_t i = 0; i < fields_.size(); ++i) {
            if (i > 0) out_ += ',';
            append_json(out_, fields_[i].name), out_ += ':';
            append_json(out_, cells[i], fields_[i]);
        }
        out_ += "}\n";
    }
};

class XmlWriter : public TextWriter {
public:
    XmlWriter(const ExportTable& table, Spool& spool)
        : TextWriter(table, spool), numbered_(!fields_.empty() && fields_.front().name == "_id") {
        out_ +=
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<data "
            "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\n";
        for (const auto& field : fields_) names_.push_back(xml_name(field.name));
    }

protected:
    void add(Cells cells) override {
        out_ += numbered_ ? "<row _id=\"" + std::string(*cells[0]) + "\">" : std::string("<row>");
        for (std::size_t i = numbered_ ? 1 : 0; i < fields_.size(); ++i) {
            if (!cells[i]) {
                out_ += "<" + names_[i] + " xsi:nil=\"true\"/>";
                continue;
            }
            out_ += "<" + names_[i] + ">";
            if (fields_[i].type == "boolean")
                out_ += *cells[i] == "t" ? "true" : "false";
            else if (fields_[i].type == "timestamp" && cells[i]->size() > 10)
                concejo::append_xml(
                    out_, std::string(cells[i]->substr(0, 10)) + "T" + std::string(cells[i]->substr(11)));
            else
                concejo::append_xml(out_, *cells[i]);
            out_ += "</" + names_[i] + ">";
        }
        out_ += "</row>\n";
    }
    void end() override { out_ += "</data>\n"; }

private:
    bool numbered_;
    std::vector<std::string> names_;
};

}  // namespace

std::string without_formula(std::string_view text) {
    static constexpr std::string_view beginnings[] = {"=",  "+",  "-",  "@",  "\t", "\r",
                                                      "\n", "＝", "＋", "－", "＠"};
    const bool formula = std::any_of(std::begin(beginnings), std::end(beginnings),
                                     [&](auto one) { return text.starts_with(one); });
    return (formula ? "'" : "") + std::string(text);
}

std::unique_ptr<ExportWriter> make_text_writer(std::string_view format, const ExportTable& table,
                                               Spool& spool) {
    if (format == "json") return std::make_unique<JsonWriter>(table, spool);
    if (format == "ndjson") return std::make_unique<LinesWriter>(table, spool);
    if (format == "xml") return std::make_unique<XmlWriter>(table, spool);
    if (format == "hoja.csv") return std::make_unique<SpreadsheetWriter>(table, spool);
    return std::make_unique<DelimitedWriter>(table, spool, format == "tsv" ? '\t' : ',');
}

}  // namespace open_data
