/**
 * What the widget's modules call each other's things, and nobody else does: the built scripts say it shorter. No name
 * belongs here that comes over the wire, or that a layout of somebody else's could read.
 */
export const INNER_NAMES = [
  ...['words', 'clock', 'moment', 'dayName'],
  ...['recentNews', 'allNews', 'noHeadlines', 'jump', 'announcements', 'newHeadlines'],
  ...['corrected', 'clarified', 'updated', 'withdrawn'],
  ...['drawn', 'fit', 'edge', 'oldestFirst', 'before', 'floor', 'newest', 'fresh'],
  ...['heard', 'hear', 'lost', 'fail', 'overdue', 'sleep', 'wake', 'waitMs', 'leave', 'speaks', 'take', 'connection'],
];
