#include "tests/integration/scraped.h"

#include <regex>
#include <sstream>
#include <stdexcept>

#include "libs/testing/http_receiver.h"

namespace loadline::testing {
namespace {

struct Described {
  std::string type;
  std::string help;
  std::set<std::string> labels;
};

// A histogram's and a summary's samples have more names, and labels of their own.
std::string MetricOf(const std::string& sample, const std::map<std::string, Described>& known) {
  for (const std::string suffix : {"_bucket", "_sum", "_count"}) {
    if (!sample.ends_with(suffix)) continue;
    if (auto name = sample.substr(0, sample.size() - suffix.size()); known.contains(name)) return name;
  }
  return sample;
}

std::set<std::string> LabelNames(const std::string& labels) {
  static const std::regex kName(R"(([a-z_]+)="(?:[^"\\]|\\.)*")");
  std::set<std::string> names;
  for (std::sregex_iterator match(labels.begin(), labels.end(), kName), end; match != end; ++match) {
    if (const auto name = (*match)[1].str(); name != "le" && name != "quantile") names.insert(name);
  }
  return names;
}

std::string Joined(const std::set<std::string>& names) {
  std::string all;
  for (const auto& name : names) all += (all.empty() ? "" : ",") + name;
  return all;
}

}  // namespace

Scraped::Scraped(Process& process) {
  const auto listening = process.WaitForEvent("metrics_listening");
  if (!listening) throw std::runtime_error("no metrics: " + process.ErrorOutput());
  text_ = HttpGet(std::stoi(listening->at("port").get<std::string>()), "/metrics");
}

std::set<std::string> Scraped::List() const {
  static const std::regex kLine(R"((# HELP|# TYPE)? ?([a-z_]+)(\{.*\})? (.*))");
  std::map<std::string, Described> known;
  std::istringstream lines(text_);
  for (std::string line; std::getline(lines, line);) {
    std::smatch part;
    if (!std::regex_match(line, part, kLine)) throw std::runtime_error("not a metric: " + line);
    if (part[1] == "# HELP") {
      known[part[2]].help = part[4];
    } else if (part[1] == "# TYPE") {
      known[part[2]].type = part[4];
    } else {
      known.at(MetricOf(part[2], known)).labels.merge(LabelNames(part[3]));
    }
  }
  std::set<std::string> list;
  for (const auto& [name, metric] : known) {
    list.insert(name + " " + metric.type + " {" + Joined(metric.labels) + "} " + metric.help);
  }
  return list;
}

double Scraped::operator[](const std::string& sample) const {
  const auto found = ("\n" + text_).find("\n" + sample + " ");
  if (found == std::string::npos) throw std::runtime_error("no " + sample + " in\n" + text_);
  return std::stod(text_.substr(found + sample.size() + 1));
}

}  // namespace loadline::testing
