"""Pure: page contents to tables, labels and text; knows no PDF library."""
